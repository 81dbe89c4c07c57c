package dev.realtime.sample.chat.login;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Everybody is who they say they are: here a real application asks for a password.
 */
@RestController
class LoginController {

	private final Tokens tokens;

	LoginController(Tokens tokens) {
		this.tokens = tokens;
	}

	@PostMapping("/chat/login")
	Ticket login(@RequestBody Request request) {
		String name = request.name();
		if (name == null || !Names.isLegal(name.strip())) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, Names.RULE);
		}
		return new Ticket(name.strip(), this.tokens.issue(name.strip()));
	}

	/**
	 * Somebody comes in.
	 *
	 * @param name how they want to be called
	 */
	record Request(@Nullable String name) {
	}

	/**
	 * What they come in with.
	 *
	 * @param name how they are called
	 * @param token says so on every connection and request
	 */
	record Ticket(String name, String token) {
	}

}
