// Text of the protocol as bytes: turns utf8("Via: ") into the address of five bytes while compiling.
//
// AssemblyScript strings are UTF-16 objects that need a runtime; the core has neither. utf8len("Via: ")
// becomes 5, u32le("INVI") and u64le("REGISTER") the integer that a load of those bytes gives.
// All sources share one block of bytes: a text that stands inside a longer one costs nothing.

import { CommonFlags, LiteralKind, Node, NodeKind, Token } from "assemblyscript/dist/assemblyscript.js";
import { Transform } from "assemblyscript/dist/transform.js";

const CALLS = new Set(["utf8", "utf8len", "u32le", "u64le"]);
const NOT_CODE = new Set(["range", "source", "parent", "debugInfoRef", "exportPaths", "file"]);

export default class Utf8Transform extends Transform {
  afterParse(parser) {
    const sources = parser.sources.filter((source) => !source.internalPath.startsWith("~lib/"));
    const calls = sources.flatMap((source) => findCalls(source));
    const pool = new Pool(calls.filter(({ name }) => name === "utf8").map(({ text }) => text));
    for (const call of calls) call.replace(constantOf(call, pool));
    if (pool.bytes.length === 0) return;
    const { statements, range } = findHome(sources) ?? calls[0].range.source;
    statements.splice(Math.max(statements.findIndex(declaresBulk), 0), 0, pool.declaration(range));
  }
}

/** The texts lie before BULK of base/memory.ts; in a program without it, wherever its first text stands. */
function findHome(sources) {
  return sources.find(({ statements }) => statements.some(declaresBulk));
}

function declaresBulk(statement) {
  return statement.kind === NodeKind.Variable && statement.declarations[0].name.text === "BULK";
}

/** Every call of one of ours below `root`, with the way to put something else in its place. */
function findCalls(root, found = []) {
  for (const [key, value] of Object.entries(root)) {
    if (NOT_CODE.has(key)) continue;
    const holder = Array.isArray(value) ? value : root;
    for (const place of Array.isArray(value) ? value.keys() : [key]) {
      const node = holder[place];
      if (!(node instanceof Node)) continue;
      const call = readCall(node);
      if (!call) findCalls(node, found);
      else found.push({ ...call, replace: (other) => (holder[place] = other) });
    }
  }
  return found;
}

function readCall(node) {
  if (node.kind !== NodeKind.Call || node.expression.kind !== NodeKind.Identifier) return null;
  const name = node.expression.text;
  if (!CALLS.has(name)) return null;
  const [argument] = node.args;
  if (
    node.args.length !== 1 ||
    argument.kind !== NodeKind.Literal ||
    argument.literalKind !== LiteralKind.String
  )
    throw new Error(`${node.range.source.normalizedPath}: ${name}() takes one string literal`);
  return { name, text: argument.value, range: node.range };
}

function constantOf({ name, text, range }, pool) {
  const bytes = Buffer.from(text, "utf8");
  if (name === "utf8") return pool.address(text, range);
  if (name === "utf8len") return integer(BigInt(bytes.length), range);
  const width = name === "u32le" ? 4 : 8;
  if (bytes.length !== width)
    throw new Error(
      `${range.source.normalizedPath}: ${name}(${JSON.stringify(text)}) has ${bytes.length} bytes`,
    );
  return integer(width === 4 ? BigInt(bytes.readUInt32LE()) : bytes.readBigUInt64LE(), range);
}

/** All texts as one block of static memory, the constant `__utf8`: one data segment, no byte twice. */
class Pool {
  constructor(texts) {
    const wanted = [...new Set(texts)].map((text) => Buffer.from(text, "utf8"));
    wanted.sort((a, b) => b.length - a.length || Buffer.compare(a, b));
    this.bytes = Buffer.alloc(0);
    for (const text of wanted) if (!this.bytes.includes(text)) this.bytes = Buffer.concat([this.bytes, text]);
  }

  address(text, range) {
    const start = Node.createIdentifierExpression("__utf8", range);
    const offset = integer(BigInt(this.bytes.indexOf(text, 0, "utf8")), range);
    const sum = Node.createBinaryExpression(Token.Plus, start, offset, range);
    return Node.createParenthesizedExpression(sum, range);
  }

  declaration(range) {
    const id = (name) => Node.createIdentifierExpression(name, range);
    const type = (name) => Node.createNamedType(Node.createSimpleTypeName(name, range), null, false, range);
    const values = [...this.bytes].map((byte) => integer(BigInt(byte), range));
    const data = Node.createCallExpression(
      Node.createPropertyAccessExpression(id("memory"), id("data"), range),
      [type("u8")],
      [Node.createArrayLiteralExpression(values, range)],
      range,
    );
    const decorators = [Node.createDecorator(id("global"), null, range)];
    const constant = Node.createVariableDeclaration(
      id("__utf8"),
      decorators,
      CommonFlags.Const,
      type("usize"),
      data,
      range,
    );
    return Node.createVariableStatement(decorators, [constant], range);
  }
}

/** asc keeps 64-bit integers in a type of its own. */
function integer(value, range) {
  const low = Number(BigInt.asIntN(32, value));
  const high = Number(BigInt.asIntN(32, value >> 32n));
  return Node.createIntegerLiteralExpression(globalThis.i64_new(low, high), range);
}
