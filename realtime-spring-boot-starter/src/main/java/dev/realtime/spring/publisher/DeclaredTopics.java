package dev.realtime.spring.publisher;

import java.util.List;

/** Knows topics that application code publishes on. Not meant for applications. */
@FunctionalInterface
public interface DeclaredTopics {

	/** Returns them; in no particular order, and perhaps several times. */
	List<DeclaredTopic> topics();

}
