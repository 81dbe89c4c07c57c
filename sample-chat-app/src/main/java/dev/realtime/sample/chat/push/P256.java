package dev.realtime.sample.chat.push;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;

import org.jspecify.annotations.Nullable;

/** Keys of the curve P-256, as browsers and push services write them. */
final class P256 {

	/** A point: the byte 4, x and y. */
	static final int POINT_BYTES = 65;

	/** Of x, y and a private key. */
	private static final int BYTES = 32;

	private static final String NAME = "secp256r1";

	private static final ECParameterSpec CURVE = curve();

	private P256() {
	}

	static KeyPair newKeys() throws GeneralSecurityException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(new ECGenParameterSpec(NAME));
		return generator.generateKeyPair();
	}

	/**
	 * Returns a public key. It is checked here, because a key factory takes points that
	 * are not on the curve, and a secret that is agreed on with one of these reveals a
	 * part of the private key.
	 * @param name of the key, for the sentence about what is wrong with it
	 * @throws IllegalArgumentException if it is not a point of the curve
	 */
	static ECPublicKey publicKey(String name, @Nullable String base64url) {
		byte[] point = decode(name, base64url);
		if (point.length != POINT_BYTES || point[0] != 4) {
			throw new IllegalArgumentException(name + " is not an uncompressed point of 65 bytes");
		}
		BigInteger x = new BigInteger(1, point, 1, BYTES);
		BigInteger y = new BigInteger(1, point, 1 + BYTES, BYTES);
		BigInteger p = ((ECFieldFp) CURVE.getCurve().getField()).getP();
		BigInteger right = x.pow(3).add(CURVE.getCurve().getA().multiply(x)).add(CURVE.getCurve().getB()).mod(p);
		if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0 || !y.pow(2).mod(p).equals(right)) {
			throw new IllegalArgumentException(name + " is not a point of the curve P-256");
		}
		try {
			return (ECPublicKey) KeyFactory.getInstance("EC")
				.generatePublic(new ECPublicKeySpec(new ECPoint(x, y), CURVE));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalArgumentException(name + " is not a public key of P-256", ex);
		}
	}

	static ECPrivateKey privateKey(String name, String number) throws GeneralSecurityException {
		return (ECPrivateKey) KeyFactory.getInstance("EC")
			.generatePrivate(new ECPrivateKeySpec(new BigInteger(1, decode(name, number)), CURVE));
	}

	/**
	 * Returns bytes that are written in base64url.
	 * @throws IllegalArgumentException if they are not
	 */
	static byte[] decode(String name, @Nullable String base64url) {
		try {
			return Base64.getUrlDecoder().decode((base64url != null) ? base64url : "");
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(name + " is not base64url", ex);
		}
	}

	static byte[] bytes(ECPublicKey key) {
		return ByteBuffer.allocate(POINT_BYTES)
			.put((byte) 4)
			.put(bytes(key.getW().getAffineX()))
			.put(bytes(key.getW().getAffineY()))
			.array();
	}

	static byte[] bytes(ECPrivateKey key) {
		return bytes(key.getS());
	}

	/** With leading zeros, and without a byte for the sign. */
	private static byte[] bytes(BigInteger number) {
		byte[] bytes = number.toByteArray();
		int length = Math.min(bytes.length, BYTES);
		byte[] padded = new byte[BYTES];
		System.arraycopy(bytes, bytes.length - length, padded, BYTES - length, length);
		return padded;
	}

	private static ECParameterSpec curve() {
		try {
			AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
			parameters.init(new ECGenParameterSpec(NAME));
			return parameters.getParameterSpec(ECParameterSpec.class);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java has " + NAME, ex);
		}
	}

}
