package dev.realtime.spring.compat;

/** On the Netty listener, which writes each frame as a message in any case. */
class FramePackingOnNettyIT extends FramePackingContract {

	FramePackingOnNettyIT() {
		super("realtime.netty.port=0");
	}

}
