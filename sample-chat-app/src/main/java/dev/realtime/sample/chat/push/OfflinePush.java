package dev.realtime.sample.chat.push;

import java.io.IOException;

import dev.realtime.sample.chat.Notice;
import dev.realtime.spring.offline.OfflineHandler;
import dev.realtime.spring.offline.OfflineMessage;

import org.springframework.stereotype.Component;

/**
 * Passes what arrives in the inbox of an offline user on to their browsers. The payload
 * holds what the inbox shows and nothing else, so a push tells only what its user may
 * read. {@link PushSender} blocks a thread of {@code realtime.offline.threads} meanwhile.
 */
@Component
class OfflinePush implements OfflineHandler {

	private final PushStore store;

	private final PushSender sender;

	private final Json json;

	OfflinePush(PushStore store, PushSender sender, Json json) {
		this.store = store;
		this.sender = sender;
		this.json = json;
	}

	/** What it throws is counted, and logged once a minute, by the starter. */
	@Override
	public void offline(OfflineMessage message) throws IOException, InterruptedException {
		if (!message.destination().equals(Notice.DESTINATION)) {
			return;
		}
		Notice notice = this.json.read(message.message().content().payload(), Notice.class);
		byte[] payload = this.json.write(PushPayload.of(notice, message.unread()));
		this.sender.send(this.store.subscriptionsOf(message.user()), payload);
	}

}
