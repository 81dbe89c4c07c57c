package dev.realtime.spring.compat;

/** The same application with the starter, on its servlet endpoint. */
class ExistingApplicationIT extends StarterContract {

	ExistingApplicationIT() {
		super(ExistingApplication.start("realtime.broker=memory"));
	}

}
