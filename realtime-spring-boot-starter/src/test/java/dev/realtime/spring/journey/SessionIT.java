package dev.realtime.spring.journey;

class SessionIT extends SessionContract {

	SessionIT() {
		super();
	}

}
