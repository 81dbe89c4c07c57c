package dev.realtime.sample.chat.login;

import java.io.IOException;
import java.security.Principal;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Who sends a request. That is all a service needs: the starter makes a ticket for the
 * user of {@code POST /realtime/ticket}, and whoever connects with it is that user. With
 * Spring Security its filters do this.
 */
class TokenFilter extends OncePerRequestFilter {

	private static final String BEARER = "Bearer ";

	private final Tokens tokens;

	TokenFilter(Tokens tokens) {
		this.tokens = tokens;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		String header = request.getHeader(HttpHeaders.AUTHORIZATION);
		String name = (header != null && header.startsWith(BEARER))
				? this.tokens.nameIn(header.substring(BEARER.length())) : null;
		chain.doFilter((name != null) ? new Known(request, new User(name)) : request, response);
	}

	/** A request of somebody. */
	private static final class Known extends HttpServletRequestWrapper {

		private final User user;

		Known(HttpServletRequest request, User user) {
			super(request);
			this.user = user;
		}

		@Override
		public Principal getUserPrincipal() {
			return this.user;
		}

		@Override
		public @Nullable String getRemoteUser() {
			return this.user.name();
		}

	}

}
