package dev.realtime.test;

import java.io.IOException;
import java.security.Principal;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.core.Ordered;
import org.springframework.security.core.context.SecurityContextImpl;

/**
 * Lets the handshakes of the kit's users pass Spring Security's filters as these users,
 * by the request attribute in which Spring Security keeps what it knows of a request.
 */
final class TestUserFilter implements Filter, Ordered {

	private static final String CONTEXT = "org.springframework.security.web.context."
			+ "RequestAttributeSecurityContextRepository.SPRING_SECURITY_CONTEXT";

	private final TestUsers users;

	TestUserFilter(TestUsers users) {
		this.users = users;
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		Principal user = this.users.find(((HttpServletRequest) request).getHeader(TestUsers.HEADER));
		if (user != null && TestUsers.SPRING_SECURITY) {
			request.setAttribute(CONTEXT, SecurityContexts.of(user));
		}
		chain.doFilter(request, response);
	}

	/** Loaded only where Spring Security is there. */
	private static final class SecurityContexts {

		static Object of(Principal user) {
			return new SecurityContextImpl(TestUsers.SecurityUsers.of(user));
		}

	}

}
