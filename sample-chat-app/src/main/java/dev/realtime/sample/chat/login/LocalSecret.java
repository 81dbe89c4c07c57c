package dev.realtime.sample.chat.login;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * The secret that signs tokens where none is configured. The first node makes a random
 * one and keeps it beside its data, for the other nodes of this machine and for the next
 * start. So nothing in this project's sources is good for any service.
 */
final class LocalSecret {

	private static final String FILE = "login.secret";

	private static final int BYTES = 32;

	private LocalSecret() {
	}

	/** Returns the secret of the folder. Nodes that start together get the same. */
	static String in(Path folder) {
		try {
			Files.createDirectories(folder);
			Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ,
					StandardOpenOption.WRITE);
			try (FileChannel file = FileChannel.open(folder.resolve(FILE), options, ownerOnly(folder))) {
				// Held until the channel is closed.
				file.lock();
				String known = new String(Channels.newInputStream(file).readAllBytes(), StandardCharsets.US_ASCII);
				return known.isEmpty() ? make(file) : known;
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(
					"The secret for tokens cannot be stored in " + folder + "; set CHAT_SECRET in the environment", ex);
		}
	}

	private static String make(FileChannel file) throws IOException {
		byte[] random = new byte[BYTES];
		new SecureRandom().nextBytes(random);
		String secret = HexFormat.of().formatHex(random);
		ByteBuffer bytes = StandardCharsets.US_ASCII.encode(secret);
		while (bytes.hasRemaining()) {
			file.write(bytes);
		}
		return secret;
	}

	private static FileAttribute<?>[] ownerOnly(Path folder) {
		boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
		return posix
				? new FileAttribute<?>[] {
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")) }
				: new FileAttribute<?>[0];
	}

}
