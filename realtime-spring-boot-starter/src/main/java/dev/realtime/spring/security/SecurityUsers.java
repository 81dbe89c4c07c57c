package dev.realtime.spring.security;

import java.security.Principal;

import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.hierarchicalroles.NullRoleHierarchy;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

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

	@Override
	boolean isDenial(RuntimeException failure) {
		return failure instanceof AccessDeniedException;
	}

}
