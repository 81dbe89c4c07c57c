package dev.realtime.spring.journey;

class ShortPathIT extends ShortPathContract {

	ShortPathIT() {
		super();
	}

}
