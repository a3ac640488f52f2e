import { NavMenu } from "@shopify/app-bridge-react";
import { Link, useNavigation } from "@remix-run/react";
import { useEffect, type ReactNode } from "react";
import { appBridge } from "./app-bridge.ts";

/** What is around every page of the admin: Shopify's own menu and loading bar, which live outside of our frame. */
export function AdminFrame({ children }: { children: ReactNode }) {
  const { state } = useNavigation();
  useEffect(() => appBridge()?.loading?.(state !== "idle"), [state]);
  return (
    <>
      <NavMenu>
        <Link to="/app" rel="home">
          Home
        </Link>
        <Link to="/app/privacy">Privacy</Link>
      </NavMenu>
      {children}
      <div className="last-space" />
    </>
  );
}
