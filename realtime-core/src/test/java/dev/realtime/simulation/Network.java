package dev.realtime.simulation;

import java.time.Duration;

/** Says how long the next thing takes on its way. */
@FunctionalInterface
interface Network {

	/** Everything arrives at once, in order. */
	Network DIRECT = () -> Duration.ZERO;

	Duration delay();

}
