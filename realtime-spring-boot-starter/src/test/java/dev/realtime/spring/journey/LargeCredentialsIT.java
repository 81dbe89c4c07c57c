package dev.realtime.spring.journey;

/** Large credentials on the servlet endpoint, with frames of at most 8 KB. */
class LargeCredentialsIT extends LargeCredentialsContract {

	LargeCredentialsIT() {
		super("realtime.limits.max-frame-size=8KB");
	}

}
