package dev.realtime.spring.journey;

class TicketsIT extends TicketsContract {

	TicketsIT() {
		super();
	}

}
