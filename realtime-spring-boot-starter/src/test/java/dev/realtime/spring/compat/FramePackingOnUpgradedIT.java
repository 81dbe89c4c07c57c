package dev.realtime.spring.compat;

/** On sockets that the servlet container has handed over. */
class FramePackingOnUpgradedIT extends FramePackingContract {

	FramePackingOnUpgradedIT() {
		super("realtime.servlet.transport=direct");
	}

}
