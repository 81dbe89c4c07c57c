package dev.realtime.spring.netty;

import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.web.cors.CorsConfiguration;

/**
 * Whose pages may connect. The listener has a port of its own, so without a list a page
 * of the same host may, whatever its port: credentials come in the CONNECT frame, never
 * by themselves as cookies do.
 */
final class Origins {

	private final @Nullable CorsConfiguration allowed;

	Origins(List<String> patterns) {
		if (patterns.isEmpty()) {
			this.allowed = null;
		}
		else {
			this.allowed = new CorsConfiguration();
			this.allowed.setAllowedOriginPatterns(patterns);
		}
	}

	/** A client that names no origin is no browser. */
	boolean allow(@Nullable String origin, @Nullable String host) {
		if (origin == null) {
			return true;
		}
		if (this.allowed != null) {
			return this.allowed.checkOrigin(origin) != null;
		}
		return host != null && sameHost(origin, host);
	}

	private static boolean sameHost(String origin, String host) {
		try {
			String page = URI.create(origin).getHost();
			String here = URI.create("http://" + host).getHost();
			return page != null && page.equalsIgnoreCase(here);
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

}
