package dev.realtime.spring.actuate;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Knows what a page must send with a command, so that no other site's page can. */
@FunctionalInterface
interface CsrfHeader {

	/**
	 * Returns {@code header} and {@code token} for the page of the request of this
	 * thread; null if no token is needed.
	 */
	@Nullable Map<String, String> ofThisRequest();

}
