package dev.realtime.spring.journey;

class SessionOnStandardIT extends SessionContract {

	SessionOnStandardIT() {
		super("realtime.servlet.transport=standard");
	}

}
