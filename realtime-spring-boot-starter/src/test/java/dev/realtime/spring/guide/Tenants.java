package dev.realtime.spring.guide;

import java.security.Principal;

import dev.realtime.Topic;
import dev.realtime.spring.security.TopicAccess;
import org.jspecify.annotations.Nullable;

import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;

/** Decides about topics such as {@code tenant/acme/orders}: they are for acme's users. */
@Component
class Tenants implements TopicAccess {

	@Override
	public boolean mayRead(@Nullable Principal user, Topic topic) {
		String[] segments = topic.name().split("/", -1);
		return segments.length >= 3 && segments[0].equals("tenant") && belongsTo(user, segments[1]);
	}

	private static boolean belongsTo(@Nullable Principal user, String tenant) {
		return user instanceof Authentication known && known.getAuthorities()
			.stream()
			.anyMatch((authority) -> ("TENANT_" + tenant).equals(authority.getAuthority()));
	}

}
