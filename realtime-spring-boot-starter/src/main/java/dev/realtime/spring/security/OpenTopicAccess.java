package dev.realtime.spring.security;

import java.security.Principal;

import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Decides where the application declares no {@link TopicAccess} and no message rules: it
 * leaves the decision to HTTP security and to what intercepts clients' frames. Denies
 * everything if Spring Security's interceptor authorizes messages by rules that are not a
 * bean, because those cannot be asked here.
 */
final class OpenTopicAccess implements DestinationTopicAccess {

	private final InboundInterceptors interceptors;

	OpenTopicAccess(InboundInterceptors interceptors) {
		this.interceptors = interceptors;
	}

	@Override
	public boolean mayRead(@Nullable Principal user, Topic topic) {
		return !this.interceptors.authorize();
	}

	@Override
	public boolean decidesFrames() {
		return this.interceptors.authorize();
	}

}
