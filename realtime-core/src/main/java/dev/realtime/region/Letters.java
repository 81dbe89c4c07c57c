package dev.realtime.region;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.broker.NumberedRun;
import dev.realtime.codec.MessageCodec;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of letters: a byte for the version, one for the kind, then the components of
 * the {@link Letter} in their order. A text is its length in four bytes and its UTF-8
 * bytes; a message is its announcement in the form of {@link MessageCodec}.
 */
final class Letters {

	/** Most messages or heads in one letter. */
	static final int MOST = 1_000;

	private static final byte VERSION = 1;

	private static final int LONGEST_TEXT = 1 << 16;

	private Letters() {
	}

	static byte[] write(Letter letter) {
		try {
			ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
			DataOutputStream out = new DataOutputStream(bytes);
			out.writeByte(VERSION);
			write(letter, out);
			return bytes.toByteArray();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Reads a letter.
	 * @throws IllegalArgumentException when it is malformed, saying how
	 */
	static Letter read(byte[] bytes) {
		try {
			DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
			check(in.readByte() == VERSION, "its version is unknown");
			Letter letter = read(in.readByte(), in);
			check(in.available() == 0, "something follows its end");
			return letter;
		}
		catch (IOException ex) {
			throw new IllegalArgumentException("it ends too early", ex);
		}
	}

	private static void write(Letter letter, DataOutputStream out) throws IOException {
		if (letter instanceof Letter.Stored stored) {
			out.writeByte(1);
			message(out, stored.message());
		}
		else if (letter instanceof Letter.Page page) {
			out.writeByte(2);
			text(out, page.topic().name());
			position(out, page.head());
			NumberedRun run = page.run();
			text(out, run.epoch());
			out.writeLong(run.after());
			out.writeLong(run.through());
			text(out, run.replaced());
			out.writeBoolean(run.gone());
			out.writeInt(run.messages().size());
			for (TopicMessage message : run.messages()) {
				message(out, message);
			}
		}
		else if (letter instanceof Letter.Heads heads) {
			out.writeByte(3);
			out.writeInt(heads.topics().size());
			for (int i = 0; i < heads.topics().size(); i++) {
				text(out, heads.topics().get(i).name());
				position(out, heads.positions().get(i));
			}
		}
		else if (letter instanceof Letter.Forwarded forwarded) {
			out.writeByte(4);
			forwarded(out, forwarded);
		}
		else if (letter instanceof Letter.PageWanted wanted) {
			out.writeByte(5);
			text(out, wanted.topic().name());
			position(out, wanted.position());
		}
		else if (letter instanceof Letter.HeadsWanted) {
			out.writeByte(6);
		}
		else if (letter instanceof Letter.Published published) {
			out.writeByte(7);
			text(out, published.life());
			out.writeLong(published.number());
			position(out, published.position());
			out.writeLong(published.timestamp());
			out.writeBoolean(published.duplicate());
			out.writeBoolean(published.replicated());
		}
		else if (letter instanceof Letter.Failed failed) {
			out.writeByte(8);
			text(out, failed.life());
			out.writeLong(failed.number());
			text(out, failed.why());
			out.writeBoolean(failed.outcomeUnknown());
		}
		else if (letter instanceof Letter.Beat beat) {
			out.writeByte(9);
			text(out, beat.region());
		}
	}

	private static void forwarded(DataOutputStream out, Letter.Forwarded forwarded) throws IOException {
		Publication publication = forwarded.publication();
		text(out, forwarded.region());
		text(out, forwarded.life());
		out.writeLong(forwarded.number());
		out.writeLong(forwarded.deadline());
		text(out, forwarded.key());
		text(out, publication.topic().name());
		text(out, publication.sender());
		text(out, publication.idScope());
		out.writeBoolean(publication.important());
		byte[] blob = MessageCodec.blob(publication);
		out.writeInt(blob.length);
		out.write(blob);
	}

	private static Letter read(byte kind, DataInputStream in) throws IOException {
		return switch (kind) {
			case 1 -> new Letter.Stored(message(in));
			case 2 -> page(in);
			case 3 -> heads(in);
			case 4 -> forwarded(in);
			case 5 -> new Letter.PageWanted(Topic.of(text(in)), position(in));
			case 6 -> new Letter.HeadsWanted();
			case 7 -> new Letter.Published(text(in), in.readLong(), position(in), in.readLong(), in.readBoolean(),
					in.readBoolean());
			case 8 -> new Letter.Failed(text(in), in.readLong(), optional(in), in.readBoolean());
			case 9 -> new Letter.Beat(text(in));
			default -> throw new IllegalArgumentException("its kind " + kind + " is unknown");
		};
	}

	private static Letter page(DataInputStream in) throws IOException {
		Topic topic = Topic.of(text(in));
		Position head = position(in);
		String epoch = text(in);
		long after = in.readLong();
		long through = in.readLong();
		String replaced = text(in);
		boolean gone = in.readBoolean();
		int count = count(in);
		List<TopicMessage> messages = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			messages.add(message(in));
		}
		check(messages.stream().allMatch((each) -> each.topic().equals(topic)), "its messages are of other topics");
		return new Letter.Page(topic, new NumberedRun(epoch, after, through, messages, replaced, gone), head);
	}

	private static Letter heads(DataInputStream in) throws IOException {
		int count = count(in);
		List<Topic> topics = new ArrayList<>();
		List<Position> positions = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			topics.add(Topic.of(text(in)));
			positions.add(position(in));
		}
		return new Letter.Heads(topics, positions);
	}

	private static Letter forwarded(DataInputStream in) throws IOException {
		String region = text(in);
		String life = text(in);
		long number = in.readLong();
		long deadline = in.readLong();
		String key = text(in);
		Topic topic = Topic.of(text(in));
		String sender = optional(in);
		String scope = optional(in);
		boolean important = in.readBoolean();
		// Only a message that has its number can be read from a blob.
		TopicMessage read = MessageCodec.message(topic, new Position("0", 0), 0, bytes(in, MessageCodec.MAX_BLOB));
		Publication publication = new Publication(topic, read.content(), read.id(), read.excludedSession(),
				(read.expiresAt() != 0) ? Duration.ofMillis(read.expiresAt()) : null, sender, scope, important);
		return new Letter.Forwarded(region, life, number, deadline, key, publication);
	}

	private static void message(DataOutputStream out, TopicMessage message) throws IOException {
		text(out, message.topic().name());
		byte[] announcement = MessageCodec.announcement(message);
		out.writeInt(announcement.length);
		out.write(announcement);
	}

	private static TopicMessage message(DataInputStream in) throws IOException {
		Topic topic = Topic.of(text(in));
		return MessageCodec.announced(topic, bytes(in, MessageCodec.MAX_BLOB + 128));
	}

	private static void position(DataOutputStream out, Position position) throws IOException {
		text(out, position.epoch());
		out.writeLong(position.seq());
	}

	private static Position position(DataInputStream in) throws IOException {
		return new Position(text(in), in.readLong());
	}

	private static int count(DataInputStream in) throws IOException {
		int count = in.readInt();
		check(count >= 0 && count <= MOST, "it has " + count + " parts");
		return count;
	}

	private static void text(DataOutputStream out, @Nullable String text) throws IOException {
		if (text == null) {
			out.writeInt(-1);
			return;
		}
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		out.writeInt(bytes.length);
		out.write(bytes);
	}

	private static String text(DataInputStream in) throws IOException {
		String text = optional(in);
		if (text == null) {
			throw new IllegalArgumentException("a text is missing");
		}
		return text;
	}

	private static @Nullable String optional(DataInputStream in) throws IOException {
		in.mark(4);
		if (in.readInt() == -1) {
			return null;
		}
		in.reset();
		return new String(bytes(in, LONGEST_TEXT), StandardCharsets.UTF_8);
	}

	private static byte[] bytes(DataInputStream in, int longest) throws IOException {
		int length = in.readInt();
		check(length >= 0 && length <= longest && length <= in.available(), "a part has " + length + " bytes");
		return in.readNBytes(length);
	}

	private static void check(boolean legal, String why) {
		if (!legal) {
			throw new IllegalArgumentException("A message of the bridge between regions is malformed: " + why);
		}
	}

}
