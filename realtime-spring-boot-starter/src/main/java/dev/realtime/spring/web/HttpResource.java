package dev.realtime.spring.web;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import dev.realtime.spring.stream.StreamAnswer;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpMethod;

/**
 * What answers the requests of some paths.
 *
 * @param method GET, which includes HEAD, or POST
 * @param paths patterns, each below {@code realtime.http.path}
 * @param answer called on the request's own thread; what it throws is answered as for any
 * handler of Spring MVC, and its stage does not fail
 * @param messages how many messages of a log a request asks for
 */
record HttpResource(HttpMethod method, List<String> paths,
		Function<HttpServletRequest, CompletionStage<StreamAnswer>> answer,
		ToLongFunction<HttpServletRequest> messages) {

	/** Makes a resource that reads no log. */
	HttpResource(HttpMethod method, List<String> paths,
			Function<HttpServletRequest, CompletionStage<StreamAnswer>> answer) {
		this(method, paths, answer, (request) -> 0);
	}

	/** Whether a request with this method is answered. */
	boolean takes(String asked) {
		return asked.equals(this.method.name())
				|| (this.method.equals(HttpMethod.GET) && asked.equals(HttpMethod.HEAD.name()));
	}

	/** The methods that are answered, as the header {@code Allow} has them. */
	String allowed() {
		return this.method.equals(HttpMethod.GET) ? "GET, HEAD, OPTIONS" : this.method + ", OPTIONS";
	}

	/** A bean that has resources. */
	interface Provider {

		/** Returns the resources; always the same. */
		List<HttpResource> resources();

	}

}
