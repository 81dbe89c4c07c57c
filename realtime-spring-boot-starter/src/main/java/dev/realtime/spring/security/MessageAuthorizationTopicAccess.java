package dev.realtime.spring.security;

import java.security.Principal;
import java.util.Map;

import dev.realtime.Topic;
import dev.realtime.spring.Destinations;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.authority.AuthorityUtils;

/**
 * Asks Spring Security's message authorization whether the user might subscribe to the
 * topic's destination, so that HTTP shows nothing that STOMP would refuse.
 */
final class MessageAuthorizationTopicAccess implements DestinationTopicAccess {

	private static final String ID = "realtime-http";

	private final AuthorizationManager<Message<?>> authorization;

	private final Destinations destinations;

	private final InboundInterceptors interceptors;

	MessageAuthorizationTopicAccess(AuthorizationManager<Message<?>> authorization, Destinations destinations,
			InboundInterceptors interceptors) {
		this.destinations = destinations;
		this.interceptors = interceptors;
		this.authorization = authorization;
	}

	@Override
	public boolean mayRead(@Nullable Principal user, Topic topic) {
		return mayRead(user, topic, Map.of());
	}

	@Override
	public boolean mayRead(@Nullable Principal user, Topic topic, Map<String, Object> attributes) {
		return permits(SimpMessageType.SUBSCRIBE, user, topic, attributes);
	}

	@Override
	public boolean mayPublish(@Nullable Principal user, Topic topic) {
		return permits(SimpMessageType.MESSAGE, user, topic, Map.of());
	}

	@Override
	public boolean decidesFrames() {
		return this.interceptors.authorize();
	}

	private boolean permits(SimpMessageType type, @Nullable Principal user, Topic topic,
			Map<String, Object> attributes) {
		Authentication authentication = (user instanceof Authentication known) ? known : anonymous();
		try {
			AuthorizationResult result = this.authorization.authorize(() -> authentication,
					frame(type, authentication, topic, attributes));
			// Without a matching rule there is no result. Spring's interceptor denies
			// then.
			return result != null && result.isGranted();
		}
		catch (AccessDeniedException | AuthenticationException ex) {
			return false;
		}
	}

	private Message<byte[]> frame(SimpMessageType type, Authentication user, Topic topic,
			Map<String, Object> attributes) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(type);
		headers.setDestination(this.destinations.of(topic));
		headers.setSubscriptionId(ID);
		headers.setSessionId(ID);
		headers.setSessionAttributes(attributes);
		headers.setUser(user);
		return MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
	}

	/** As Spring Security's STOMP support does where nobody is logged in. */
	private static Authentication anonymous() {
		return new AnonymousAuthenticationToken(ID, "anonymous", AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"));
	}

}
