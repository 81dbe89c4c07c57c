package dev.realtime.spring.journey;

/** Refusals on the servlet endpoint. */
class RefusedFramesIT extends RefusedFramesContract {

	RefusedFramesIT() {
		super();
	}

}
