package dev.realtime.conformance.wire;

/** Decides about frames of one direction. Called on the thread that passes them. */
@FunctionalInterface
public interface FrameRule {

	/** Whether the frame is passed on as it is. */
	boolean passes(Link link, StompFrame frame);

}
