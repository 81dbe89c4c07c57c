package dev.realtime.spring.web;

import java.security.Principal;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request of a resource whose body is there.
 *
 * @param http the request; who asks may be unknown to it on another thread than its own
 * @param user who asks, if that is known
 * @param body its body; empty where the resource takes none, and for a form
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record ResourceRequest(HttpServletRequest http, @Nullable Principal user, byte[] body) {

	static ResourceRequest of(HttpServletRequest http, byte[] body) {
		return new ResourceRequest(http, http.getUserPrincipal(), body);
	}

	ResourceRequest with(byte[] other) {
		return new ResourceRequest(this.http, this.user, other);
	}

}
