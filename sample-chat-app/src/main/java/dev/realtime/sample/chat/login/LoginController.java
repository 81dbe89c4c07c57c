package dev.realtime.sample.chat.login;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Everybody is who they say they are, so this login is for trying out on one machine:
 * here a real application asks for a password.
 */
@RestController
class LoginController {

	private final Tokens tokens;

	private final boolean open;

	/**
	 * Makes the login.
	 * @param open whether other machines may log in, too
	 */
	LoginController(Tokens tokens, @Value("${chat.open-login:false}") boolean open) {
		this.tokens = tokens;
		this.open = open;
	}

	@PostMapping("/chat/login")
	LoggedIn login(@RequestBody Request request, HttpServletRequest http) {
		if (!this.open && !ThisMachine.sends(http)) {
			throw new ResponseStatusException(HttpStatus.FORBIDDEN,
					"Login without a password is possible only from the node's own machine");
		}
		String name = request.name();
		if (name == null || !Names.isLegal(name.strip())) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, Names.RULE);
		}
		return new LoggedIn(name.strip(), this.tokens.issue(name.strip()));
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
	 * @param token says so on every request
	 */
	record LoggedIn(String name, String token) {
	}

}
