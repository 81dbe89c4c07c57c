package dev.realtime.spring.security;

import java.security.Principal;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.hierarchicalroles.NullRoleHierarchy;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;

/** Users of Spring Security's, whose authorities may include others. */
final class SecurityUsers extends Users {

	private final RoleHierarchy hierarchy;

	SecurityUsers(Iterable<RoleHierarchy> hierarchies) {
		RoleHierarchy found = new NullRoleHierarchy();
		for (RoleHierarchy hierarchy : hierarchies) {
			found = hierarchy;
		}
		this.hierarchy = found;
	}

	@Override
	boolean isKnown(Principal user) {
		return !(user instanceof Authentication known)
				|| (known.isAuthenticated() && !(known instanceof AnonymousAuthenticationToken));
	}

	@Override
	boolean haveAuthorities() {
		return true;
	}

	@Override
	boolean has(Principal user, String authority) {
		return user instanceof Authentication known && known.isAuthenticated()
				&& this.hierarchy.getReachableGrantedAuthorities(known.getAuthorities())
					.stream()
					.map(GrantedAuthority::getAuthority)
					.anyMatch(authority::equals);
	}

	/** As Spring Security does for requests and frames. */
	@Override
	AccessDecision as(@Nullable Principal user, Supplier<AccessDecision> decision) {
		if (!(user instanceof Authentication known)) {
			return decision.get();
		}
		SecurityContext context = SecurityContextHolder.createEmptyContext();
		context.setAuthentication(known);
		SecurityContextHolder.setContext(context);
		try {
			return decision.get();
		}
		finally {
			SecurityContextHolder.clearContext();
		}
	}

	@Override
	boolean isDenial(RuntimeException failure) {
		return failure instanceof AccessDeniedException;
	}

}
