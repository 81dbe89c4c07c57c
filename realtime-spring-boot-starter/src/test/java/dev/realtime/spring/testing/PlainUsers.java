package dev.realtime.spring.testing;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/**
 * Users whose passwords stay plain. To an {@code InMemoryUserDetailsManager} Spring
 * Security gives each password back at its first login, encoded by what is slow on
 * purpose, so that every further request with it takes a tenth of a second.
 */
public final class PlainUsers {

	private PlainUsers() {
	}

	/** These, with passwords that begin with <code>{noop}</code>. */
	public static UserDetailsService of(UserDetails... users) {
		Map<String, UserDetails> byName = Arrays.stream(users)
			.collect(Collectors.toMap(UserDetails::getUsername, Function.identity()));
		return (name) -> {
			UserDetails user = byName.get(name);
			if (user == null) {
				throw new UsernameNotFoundException(name);
			}
			// the caller erases the password
			return User.withUserDetails(user).build();
		};
	}

}
