package dev.realtime.spring.journey;

class GoodbyeOnStandardIT extends GoodbyeContract {

	GoodbyeOnStandardIT() {
		super("realtime.servlet.transport=standard");
	}

}
