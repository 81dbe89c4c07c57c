package dev.realtime.spring;

import dev.realtime.broker.Broker;
import dev.realtime.relay.Relay;

/**
 * Makes what the nodes of a fleet share. Nothing is connected before it is asked for, and
 * whoever asks owns what is made.
 */
interface FleetParts {

	/** A broker that numbers, keeps and relays by itself. */
	Broker broker();

	/** A relay alone, for a durable broker. */
	Relay relay();

}
