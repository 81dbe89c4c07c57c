package dev.realtime.spring.web;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.GenericFilter;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.PriorityOrdered;
import org.springframework.http.HttpHeaders;

/**
 * Notes the container's response before any filter of the application has wrapped it, for
 * the paths of the starter alone.
 */
final class ContainerResponseFilter extends GenericFilter {

	private static final long serialVersionUID = 1L;

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (request instanceof HttpServletRequest asked && response instanceof HttpServletResponse given
				&& !"websocket".equalsIgnoreCase(asked.getHeader(HttpHeaders.UPGRADE))) {
			chain.doFilter(request, new ContainerResponse(asked, given));
		}
		else {
			chain.doFilter(request, response);
		}
	}

	/** Comes before every registration that is merely ordered, the highest too. */
	static final class Registration extends FilterRegistrationBean<ContainerResponseFilter> implements PriorityOrdered {

		Registration(String path) {
			super(new ContainerResponseFilter());
			addUrlPatterns(path + "/*");
			setOrder(HIGHEST_PRECEDENCE);
		}

	}

}
