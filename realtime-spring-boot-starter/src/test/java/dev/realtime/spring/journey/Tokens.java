package dev.realtime.spring.journey;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import org.jspecify.annotations.Nullable;

import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

/** An identity provider with a key of its own. */
final class Tokens {

	private final KeyPair key;

	private final JwtEncoder encoder;

	Tokens() {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
			generator.initialize(2_048);
			this.key = generator.generateKeyPair();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
		RSAKey rsa = new RSAKey.Builder((RSAPublicKey) this.key.getPublic()).privateKey(this.key.getPrivate()).build();
		this.encoder = new NimbusJwtEncoder(new ImmutableJWKSet<>(new JWKSet(rsa)));
	}

	/** With null: a token that lasts for ever. */
	String token(String user, @Nullable Instant expiresAt) {
		return token(user, expiresAt, "chat");
	}

	/** With another scope than chat. */
	String token(String user, @Nullable Instant expiresAt, String scope) {
		JwtClaimsSet.Builder claims = JwtClaimsSet.builder().subject(user).claim("scope", scope);
		if (expiresAt != null) {
			claims.expiresAt(expiresAt);
		}
		return this.encoder.encode(JwtEncoderParameters.from(claims.build())).getTokenValue();
	}

	/** With an id and the time of its issue. */
	String token(String user, String id, Instant issuedAt) {
		JwtClaimsSet claims = JwtClaimsSet.builder()
			.subject(user)
			.claim("scope", "chat")
			.id(id)
			.issuedAt(issuedAt)
			.expiresAt(Instant.now().plusSeconds(3_600))
			.build();
		return this.encoder.encode(JwtEncoderParameters.from(claims)).getTokenValue();
	}

	/** With claims of the test's. */
	String tokenWith(String user, Map<String, Object> more) {
		JwtClaimsSet claims = JwtClaimsSet.builder()
			.subject(user)
			.claim("scope", "chat")
			.expiresAt(Instant.now().plusSeconds(3_600))
			.claims((all) -> all.putAll(more))
			.build();
		return this.encoder.encode(JwtEncoderParameters.from(claims)).getTokenValue();
	}

	String token(String user) {
		return token(user, Instant.now().plusSeconds(3_600));
	}

	/** The key as identity providers publish it, for {@code public-key-location}. */
	String publicKey() {
		String base64 = Base64.getMimeEncoder().encodeToString(this.key.getPublic().getEncoded());
		return "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n";
	}

	JwtDecoder decoder() {
		return NimbusJwtDecoder.withPublicKey((RSAPublicKey) this.key.getPublic()).build();
	}

}
