package dev.realtime.conformance.server;

import java.io.IOException;
import java.security.Principal;

import dev.realtime.spring.security.ConnectRefusedException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.web.filter.OncePerRequestFilter;

/** Users of requests about topics over HTTP, by the same tokens as those of CONNECT. */
final class TokenFilter extends OncePerRequestFilter {

	private static final String BEARER = "Bearer ";

	@Override
	protected boolean shouldNotFilter(HttpServletRequest request) {
		return !request.getRequestURI().startsWith("/realtime/topics");
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		Principal user;
		try {
			user = user(request.getHeader("Authorization"));
		}
		catch (ConnectRefusedException ex) {
			response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
			return;
		}
		chain.doFilter((user != null) ? new UserRequest(request, user) : request, response);
	}

	private static @Nullable Principal user(@Nullable String authorization) {
		return (authorization != null && authorization.startsWith(BEARER))
				? TokenUsers.of(authorization.substring(BEARER.length())) : null;
	}

	private static final class UserRequest extends HttpServletRequestWrapper {

		private final Principal user;

		UserRequest(HttpServletRequest request, Principal user) {
			super(request);
			this.user = user;
		}

		@Override
		public Principal getUserPrincipal() {
			return this.user;
		}

		@Override
		public String getRemoteUser() {
			return this.user.getName();
		}

	}

}
