package dev.realtime.spring;

import org.springframework.context.SmartLifecycle;

/**
 * A part of the node that Spring starts and stops: once each. Spring Framework 7 pauses
 * the application contexts that tests keep for later tests. The node goes on meanwhile,
 * because it cannot be started again. Public for the starter's packages; not for
 * applications.
 */
public interface NodePart extends SmartLifecycle {

	/** Returns false; overrides a method that Spring Framework has from 7.0 on. */
	default boolean isPauseable() {
		return false;
	}

}
