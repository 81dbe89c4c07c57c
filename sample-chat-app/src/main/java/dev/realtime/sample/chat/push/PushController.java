package dev.realtime.sample.chat.push;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.Principal;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Browsers come and go. A request is always about the user who is logged in; the endpoint
 * is in the body, so that no access log has it.
 */
@RestController
@RequestMapping("/push")
class PushController {

	private static final Logger logger = LoggerFactory.getLogger(PushController.class);

	private static final int MAX_BYTES = 4_096;

	private final PushServices services;

	private final PushStore store;

	private final Vapid vapid;

	private final Json json;

	PushController(PushServices services, PushStore store, Vapid vapid, Json json) {
		this.services = services;
		this.store = store;
		this.vapid = vapid;
		this.json = json;
	}

	@GetMapping("/key")
	Key key(HttpServletRequest request) {
		user(request);
		return new Key(this.vapid.publicKey());
	}

	/** Takes what {@code JSON.stringify(subscription)} gives in a browser. */
	@PutMapping("/subscription")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void register(HttpServletRequest request) throws IOException {
		String user = user(request);
		switch (this.store.put(user, subscription(read(request)))) {
			case OTHER_KEYS ->
				throw new ResponseStatusException(HttpStatus.CONFLICT, "This endpoint is registered with other keys");
			case FULL -> throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE,
					"No more browsers can be registered at the moment");
			case REGISTERED -> logger.debug("{} has registered a browser", user);
		}
	}

	@DeleteMapping("/subscription")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void remove(HttpServletRequest request) throws IOException {
		String user = user(request);
		String endpoint = read(request).endpoint();
		if (endpoint != null) {
			this.store.remove(user, endpoint);
		}
	}

	private Subscription subscription(Browser browser) {
		String key = (browser.keys() != null) ? browser.keys().p256dh() : null;
		String secret = (browser.keys() != null) ? browser.keys().auth() : null;
		try {
			if (key == null || secret == null) {
				throw new IllegalArgumentException("The keys p256dh and auth are missing");
			}
			return new Subscription(this.services.check(browser.endpoint()), key, secret);
		}
		catch (IllegalArgumentException ex) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, ex.getMessage(), ex);
		}
	}

	private Browser read(HttpServletRequest request) throws IOException {
		byte[] body = request.getInputStream().readNBytes(MAX_BYTES + 1);
		if (body.length > MAX_BYTES) {
			throw new ResponseStatusException(HttpStatusCode.valueOf(413), "A subscription has at most 4,096 bytes");
		}
		try {
			return this.json.read(ByteBuffer.wrap(body), Browser.class);
		}
		catch (MessageConversionException ex) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
					"Send a subscription as JSON, such as {\"endpoint\": \"https://…\", \"keys\": {…}}", ex);
		}
	}

	private static String user(HttpServletRequest request) {
		Principal user = request.getUserPrincipal();
		if (user == null) {
			throw new ResponseStatusException(HttpStatus.UNAUTHORIZED, "Log in to get notifications");
		}
		return user.getName();
	}

	/**
	 * What a browser subscribes with.
	 *
	 * @param publicKey of this chat, in base64url
	 */
	record Key(String publicKey) {
	}

	/**
	 * A {@code PushSubscription} of a page.
	 *
	 * @param endpoint where it takes messages
	 * @param keys what they are encrypted with
	 */
	record Browser(@Nullable String endpoint, @Nullable Keys keys) {
	}

	/**
	 * Of a browser, in base64url.
	 *
	 * @param p256dh its public key
	 * @param auth its secret
	 */
	record Keys(@Nullable String p256dh, @Nullable String auth) {
	}

}
