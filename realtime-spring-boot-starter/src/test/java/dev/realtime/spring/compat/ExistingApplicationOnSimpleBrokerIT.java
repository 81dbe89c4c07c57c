package dev.realtime.spring.compat;

import org.junit.jupiter.api.Tag;

/** The reference: without the starter. */
@Tag("long")
class ExistingApplicationOnSimpleBrokerIT extends ExistingApplicationContract {

	ExistingApplicationOnSimpleBrokerIT() {
		super(ExistingApplication.startOnSimpleBroker());
	}

}
