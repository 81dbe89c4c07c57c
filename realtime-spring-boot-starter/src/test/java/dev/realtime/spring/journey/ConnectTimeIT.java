package dev.realtime.spring.journey;

class ConnectTimeIT extends ConnectTimeContract {

	ConnectTimeIT() {
		super();
	}

}
