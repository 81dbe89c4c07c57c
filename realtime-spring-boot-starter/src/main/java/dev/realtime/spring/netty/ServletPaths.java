package dev.realtime.spring.netty;

import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.http.server.PathContainer;
import org.springframework.web.context.WebApplicationContext;

/**
 * Reads the path of a request as the servlet container and Spring MVC do, so that a
 * client finds the same paths on both ports: percent-encoded characters are decoded, path
 * parameters are left out, and the path of the application and of its dispatcher servlet
 * come before those of the endpoints.
 */
final class ServletPaths {

	private final String prefix;

	/** Takes what precedes the paths of endpoints, such as /shop, or nothing. */
	ServletPaths(String prefix) {
		this.prefix = prefix;
	}

	/** The paths of a running application. */
	static ServletPaths of(ApplicationContext application) {
		ServletContext servlets = (application instanceof WebApplicationContext web) ? web.getServletContext() : null;
		String context = (servlets != null) ? servlets.getContextPath() : "";
		String servlet = application.getEnvironment().getProperty("spring.mvc.servlet.path", "/");
		return new ServletPaths(context + trimmed(servlet));
	}

	/** What precedes the paths of endpoints. */
	String prefix() {
		return this.prefix;
	}

	/**
	 * Returns the path within the application, or null when the request is not for the
	 * application.
	 * @param uri the path and the query of the request line
	 */
	@Nullable String within(String uri) {
		String path = decoded(uri);
		return (path != null && path.startsWith(this.prefix)) ? path.substring(this.prefix.length()) : null;
	}

	private static @Nullable String decoded(String uri) {
		int query = uri.indexOf('?');
		String path = (query < 0) ? uri : uri.substring(0, query);
		if (path.indexOf('%') < 0 && path.indexOf(';') < 0) {
			return path;
		}
		StringBuilder decoded = new StringBuilder(path.length());
		try {
			for (PathContainer.Element element : PathContainer.parsePath(path).elements()) {
				if (!(element instanceof PathContainer.PathSegment segment)) {
					decoded.append(element.value());
				}
				else if (segment.valueToMatch().indexOf('/') >= 0) {
					return null;
				}
				else {
					decoded.append(segment.valueToMatch());
				}
			}
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
		return decoded.toString();
	}

	private static String trimmed(String path) {
		String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
		return (trimmed.isEmpty() || trimmed.startsWith("/")) ? trimmed : '/' + trimmed;
	}

}
