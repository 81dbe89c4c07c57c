package dev.realtime.spring.journey;

class GoodbyeIT extends GoodbyeContract {

	GoodbyeIT() {
		super();
	}

}
