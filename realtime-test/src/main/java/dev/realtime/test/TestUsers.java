package dev.realtime.test;

import java.security.Principal;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.spring.security.ConnectRefusedException;
import dev.realtime.spring.security.ConnectRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.util.ClassUtils;

/**
 * The users as whom clients of the kit connect: a client sends a secret word, by which
 * the application finds the object that the test has made. Safe for any number of
 * threads.
 */
final class TestUsers {

	/** The header of the CONNECT, and of the handshake, that has the word. */
	static final String HEADER = "realtime-test-user";

	static final boolean SPRING_SECURITY = ClassUtils.isPresent("org.springframework.security.core.Authentication",
			TestUsers.class.getClassLoader());

	private final Map<String, Principal> users = new ConcurrentHashMap<>();

	/** Returns the word for this user. */
	String add(Principal user) {
		String word = UUID.randomUUID().toString();
		this.users.put(word, user);
		return word;
	}

	@Nullable Principal find(@Nullable String word) {
		return (word != null) ? this.users.get(word) : null;
	}

	/**
	 * Says who a client is, as an authenticator does. This class is none: it is a bean,
	 * and an application with such a bean asks all clients who they are.
	 */
	@Nullable Principal authenticate(ConnectRequest request) {
		String word = request.headers().get(HEADER);
		Principal user = find(word);
		if (word != null && user == null) {
			throw new ConnectRefusedException("This is a user of another application's test kit");
		}
		return user;
	}

	/** A user of this name: an {@code Authentication} where Spring Security is there. */
	static Principal named(String name, String... authorities) {
		if (SPRING_SECURITY) {
			return SecurityUsers.named(name, authorities);
		}
		if (authorities.length > 0) {
			throw new IllegalArgumentException("A user has authorities only with Spring Security on the class path");
		}
		return new NamedUser(name);
	}

	private record NamedUser(String name) implements Principal {

		@Override
		public String getName() {
			return this.name;
		}

	}

	/** Loaded only where Spring Security is there. */
	static final class SecurityUsers {

		private SecurityUsers() {
		}

		static Authentication named(String name, String... authorities) {
			return UsernamePasswordAuthenticationToken.authenticated(name, null,
					Arrays.stream(authorities).map(SimpleGrantedAuthority::new).toList());
		}

		static Authentication of(Principal user) {
			return (user instanceof Authentication known) ? known : named(user.getName());
		}

	}

}
