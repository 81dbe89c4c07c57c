package dev.realtime.spring.guide;

import java.util.function.Supplier;

import dev.realtime.Topic;
import dev.realtime.spring.security.TopicAccess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(classes = TokenNode.class, properties = "realtime.broker=memory")
class RoomRulesIT {

	@Autowired
	TopicAccess access;

	@Autowired
	AuthorizationManager<Message<?>> messages;

	/** What is asked for a SUBSCRIBE, over HTTP and for a stream. */
	@ParameterizedTest
	@CsvSource({ "ann, room.42, true", "ann, room.43, false", "ann, room.42.notes, false", "ann, room, false",
			"bob, room.43, true", "eve, room.42, false", "ann, audit, false" })
	void membersReadTheirRoomsAlone(String user, String topic, boolean granted) {
		assertThat(this.access.mayRead(known(user), Topic.of(topic))).isEqualTo(granted);
	}

	@Test
	void strangersMayNotSend() {
		assertThat(maySend("ann", "/app/room/42/say")).isTrue();
		assertThat(maySend("eve", "/app/room/42/say")).isFalse();
		assertThat(maySend("ann", "/topic/room.42")).isFalse();
	}

	private boolean maySend(String user, String destination) {
		SimpMessageHeaderAccessor send = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
		send.setDestination(destination);
		Supplier<Authentication> sender = () -> known(user);
		return this.messages.authorize(sender, MessageBuilder.createMessage(new byte[0], send.getMessageHeaders()))
			.isGranted();
	}

	private static Authentication known(String user) {
		return new TestingAuthenticationToken(user, null, "SCOPE_chat");
	}

}
