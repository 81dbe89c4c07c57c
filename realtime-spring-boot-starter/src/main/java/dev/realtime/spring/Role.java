package dev.realtime.spring;

import java.util.Locale;

/** What an application is in the fleet. */
public enum Role {

	/** Holds connections, and handles and publishes messages. */
	NODE,

	/** Publishes only: no endpoint, no hub and no presence of its own. */
	PUBLISHER,

	/**
	 * Holds connections, and hands clients' SENDs to application destinations on to the
	 * application's nodes.
	 */
	GATEWAY;

	/** The name of the property. */
	static final String PROPERTY = "realtime.role";

	/** As one writes it in the property. */
	public String word() {
		return name().toLowerCase(Locale.ROOT);
	}

}
