package dev.realtime.spring.compat;

/** The reference: without the starter. */
class ExistingApplicationOnSimpleBrokerIT extends ExistingApplicationContract {

	ExistingApplicationOnSimpleBrokerIT() {
		super(ExistingApplication.startOnSimpleBroker());
	}

}
