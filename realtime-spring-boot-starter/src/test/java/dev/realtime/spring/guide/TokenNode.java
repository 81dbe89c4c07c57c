package dev.realtime.spring.guide;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import javax.crypto.spec.SecretKeySpec;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.stereotype.Controller;

/** The application of the guide on security, with an identity provider of its own. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ TokenSecurity.class, RoomMembers.class, TokenNode.Talk.class })
class TokenNode {

	private static final SecretKeySpec KEY = new SecretKeySpec(
			"a-key-of-thirty-two-bytes-at-least".getBytes(StandardCharsets.UTF_8), "HmacSHA256");

	static String token(String user) {
		JwtClaimsSet claims = JwtClaimsSet.builder().subject(user).expiresAt(Instant.now().plusSeconds(3_600)).build();
		return new NimbusJwtEncoder(new ImmutableSecret<>(KEY))
			.encode(JwtEncoderParameters.from(JwsHeader.with(MacAlgorithm.HS256).build(), claims))
			.getTokenValue();
	}

	@Bean
	JwtDecoder jwtDecoder() {
		return NimbusJwtDecoder.withSecretKey(KEY).build();
	}

	/** A room's only method. */
	@Controller
	static class Talk {

		@MessageMapping("/room/{room}/say")
		@SendTo("/topic/room.{room}")
		String say(@DestinationVariable String room, String text) {
			return text;
		}

	}

}
