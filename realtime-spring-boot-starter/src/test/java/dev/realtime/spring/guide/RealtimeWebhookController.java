package dev.realtime.spring.guide;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.stream.Stream;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class RealtimeWebhookController {

	private final SecretKeySpec key;

	private final TopicAudience audience;

	public RealtimeWebhookController(@Value("${hooks.secret}") String secret, TopicAudience audience) {
		this.key = new SecretKeySpec(Base64.getDecoder().decode(secret), "HmacSHA256");
		this.audience = audience;
	}

	@PostMapping("/hooks/realtime")
	public ResponseEntity<Void> receive(@RequestBody byte[] body, @RequestHeader("webhook-id") String id,
			@RequestHeader("webhook-timestamp") long timestamp, @RequestHeader("webhook-signature") String signatures)
			throws GeneralSecurityException {
		Mac mac = Mac.getInstance("HmacSHA256");
		mac.init(this.key);
		mac.update((id + '.' + timestamp + '.').getBytes(StandardCharsets.UTF_8));
		byte[] expected = ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body)))
			.getBytes(StandardCharsets.UTF_8);
		boolean signed = Stream.of(signatures.split(" ", -1))
			.anyMatch((each) -> MessageDigest.isEqual(expected, each.getBytes(StandardCharsets.UTF_8)));
		if (!signed || Math.abs(Instant.now().getEpochSecond() - timestamp) > 300) {
			return ResponseEntity.status(401).build();
		}
		this.audience.changed(id, new String(body, StandardCharsets.UTF_8));
		return ResponseEntity.noContent().build();
	}

}
