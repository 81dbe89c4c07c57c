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
 * @param maxBody largest body in bytes; 0 where there must be none
 * @param answer called on the request's own thread, where what it throws is answered as
 * for any handler of Spring MVC, or on another one of the container's if the body was
 * late; its stage does not fail
 * @param messages how many messages of a log a request asks for
 */
record HttpResource(HttpMethod method, List<String> paths, int maxBody,
		Function<ResourceRequest, CompletionStage<StreamAnswer>> answer, ToLongFunction<HttpServletRequest> messages) {

	/** A resource whose requests have no body, and which reads no log. */
	static HttpResource get(List<String> paths, Function<ResourceRequest, CompletionStage<StreamAnswer>> answer) {
		return get(paths, answer, (request) -> 0);
	}

	static HttpResource get(List<String> paths, Function<ResourceRequest, CompletionStage<StreamAnswer>> answer,
			ToLongFunction<HttpServletRequest> messages) {
		return new HttpResource(HttpMethod.GET, paths, 0, answer, messages);
	}

	static HttpResource post(List<String> paths, int maxBody,
			Function<ResourceRequest, CompletionStage<StreamAnswer>> answer) {
		return new HttpResource(HttpMethod.POST, paths, maxBody, answer, (request) -> 0);
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
