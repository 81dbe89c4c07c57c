package dev.realtime.spring.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates of a server on this machine, and clients that trust them. */
public final class Keystores {

	/** Of every keystore. */
	public static final String PASSWORD = "changeit";

	private static final String ALIAS = "edge";

	private Keystores() {
	}

	/** Makes a keystore with a certificate for {@code localhost}. */
	public static Path create(Path folder, String name) throws IOException, InterruptedException {
		return create(folder, name, "DNS:localhost,IP:127.0.0.1");
	}

	/** Makes a keystore with a certificate for other names. */
	public static Path create(Path folder, String name, String names) throws IOException, InterruptedException {
		Path store = folder.resolve(name + ".p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "SAN=" + names,
				"-validity", "2", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD)
			.inheritIO()
			.start();
		if (!keytool.waitFor(20, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
			throw new IllegalStateException("keytool has made no certificate");
		}
		return store;
	}

	/** Writes a keystore's certificate beside it; returns the file. */
	public static Path certificate(Path store) throws IOException, GeneralSecurityException {
		KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
		return pem(store, "CERTIFICATE", Objects.requireNonNull(keys.getCertificate(ALIAS)).getEncoded());
	}

	/** Writes a keystore's private key beside it; returns the file. */
	public static Path key(Path store) throws IOException, GeneralSecurityException {
		KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
		return pem(store, "PRIVATE KEY",
				Objects.requireNonNull(keys.getKey(ALIAS, PASSWORD.toCharArray())).getEncoded());
	}

	private static Path pem(Path store, String type, byte[] encoded) throws IOException {
		String text = "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(encoded) + "\n-----END "
				+ type + "-----\n";
		return Files.writeString(store.resolveSibling(store.getFileName() + "." + type.replace(' ', '-') + ".pem"),
				text);
	}

	/** Returns what trusts the certificates of these keystores, and no others. */
	public static SSLContext trust(Path... stores) throws IOException, GeneralSecurityException {
		KeyStore certificates = KeyStore.getInstance("PKCS12");
		certificates.load(null, null);
		for (Path store : stores) {
			KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
			certificates.setCertificateEntry(store.getFileName().toString(),
					Objects.requireNonNull(keys.getCertificate(ALIAS)));
		}
		TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		managers.init(certificates);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, managers.getTrustManagers(), null);
		return context;
	}

}
