import { itemCount, totalPrice, type Cart, type CartLine } from "./cart.ts";

/** Carts in the words of Shopify's Ajax API, which are also those of Liquid's `cart` and `line_item`. */

export type TitleOf = (handle: string) => string;

/** One line, as `/cart/add.js` answers. */
export function lineJson(line: CartLine, titleOf: TitleOf) {
  const { product, variant } = line;
  const title = titleOf(product.handle);
  return {
    id: variant.id,
    properties: line.properties,
    quantity: line.quantity,
    variant_id: variant.id,
    key: line.key,
    title: `${title} - ${variant.title}`,
    price: variant.price,
    original_price: variant.price,
    discounted_price: variant.price,
    line_price: variant.price * line.quantity,
    original_line_price: variant.price * line.quantity,
    final_price: variant.price,
    final_line_price: variant.price * line.quantity,
    total_discount: 0,
    discounts: [],
    sku: variant.sku,
    grams: 0,
    vendor: "Paws & Paper",
    taxable: true,
    product_id: product.id,
    product_title: title,
    product_type: product.type,
    product_has_only_default_variant: false,
    gift_card: false,
    url: `/products/${product.handle}?variant=${variant.id}`,
    image: `/cdn/pictures/${product.pictures[0]?.file ?? ""}`,
    handle: product.handle,
    requires_shipping: true,
    variant_title: variant.title,
    variant_options: variant.options,
    options_with_values: product.options.map((option, index) => ({ name: option.name, value: variant.options[index] })),
    has_components: false,
  };
}

export type LineJson = ReturnType<typeof lineJson>;

/** The whole cart, as `/cart.js` answers. */
export function cartJson(cart: Cart, titleOf: TitleOf) {
  const total = totalPrice(cart);
  return {
    token: cart.token,
    note: cart.note,
    attributes: {},
    original_total_price: total,
    total_price: total,
    total_discount: 0,
    total_weight: 0,
    item_count: itemCount(cart),
    items: cart.lines.map((line) => lineJson(line, titleOf)),
    requires_shipping: cart.lines.length > 0,
    currency: "USD",
    items_subtotal_price: total,
    cart_level_discount_applications: [],
  };
}
