// The files of the repository, and what a rule needs to see in one: imports, names, texts, numbers, comments.
//
// TypeScript's own parser reads them, so that a word in a comment is no word in the code. AssemblyScript has the
// same grammar.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

export type SourceFile = { readonly path: string; readonly text: string };

/** A breach of a rule: where, what, and the way out. */
export type Finding = string;

/** Places that hold no source of ours. */
const ELSEWHERE = new Set([".git", "node_modules", "build", "package-lock.json", "LICENSE"]);
const TEXT = /\.(ts|mts|mjs|js|json|md|c|h|toml|cfg|sh|html|css|yml|txt|golden|trace)$|^\.[a-z]+|\/run$/;

/** Every text file of the repository, and build/README.md. */
export function allFiles(): SourceFile[] {
  return [...below("."), "build/README.md"].map((path) => ({ path, text: readFileSync(path, "utf8") }));
}

function below(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (ELSEWHERE.has(entry.name)) return [];
    const path = folder === "." ? entry.name : join(folder, entry.name);
    if (entry.isDirectory()) return below(path);
    return entry.isFile() && TEXT.test(path) ? [path] : [];
  });
}

/** One thing found in a file. */
export type Mention = { readonly line: number; readonly text: string };

export type Code = {
  /** Module names of imports and re-exports. */
  readonly imports: readonly Mention[];
  /** Every identifier that is read or called; names of properties and types are not among them. */
  readonly names: readonly Mention[];
  readonly strings: readonly Mention[];
  readonly numbers: readonly Mention[];
  readonly functions: number;
};

/** What stands in the code of a TypeScript, AssemblyScript or JavaScript file. */
export function readCode({ path, text }: SourceFile): Code {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const code = {
    imports: [] as Mention[],
    names: [] as Mention[],
    strings: [] as Mention[],
    numbers: [] as Mention[],
    functions: 0,
  };
  const visit = (node: ts.Node) => {
    note(node, source, code);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return code;
}

type Notes = {
  imports: Mention[];
  names: Mention[];
  strings: Mention[];
  numbers: Mention[];
  functions: number;
};

function note(node: ts.Node, source: ts.SourceFile, code: Notes): void {
  const mention = (text: string): Mention => ({ line: lineOf(source.text, node.getStart(source)), text });
  const target =
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : undefined;
  if (target !== undefined && ts.isStringLiteral(target)) code.imports.push(mention(target.text));
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments;
    if (argument !== undefined && ts.isStringLiteralLike(argument)) code.imports.push(mention(argument.text));
  }
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) code.functions++;
  if (ts.isNumericLiteral(node)) code.numbers.push(mention(node.text));
  const text = textOf(node);
  if (text !== undefined) code.strings.push(mention(text));
  if (ts.isIdentifier(node) && !isProperty(node)) code.names.push(mention(node.text));
}

/** The text of a string or of a part of a template; a module name is none. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) return node.text;
  const isModule = ts.isImportDeclaration(node.parent ?? node) || ts.isExportDeclaration(node.parent ?? node);
  return ts.isStringLiteralLike(node) && !isModule ? node.text : undefined;
}

/** Whether an identifier only names a member or a type: `x.Date`, `{ Date: 1 }`, `at: Date`. */
function isProperty(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) return parent.name === node;
  if (ts.isTypeReferenceNode(parent)) return true;
  return ts.isPropertySignature(parent) || ts.isMethodSignature(parent) || ts.isPropertyDeclaration(parent);
}

export function lineOf(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}

/** Whether a file is written in a language with imports. */
export function isCode({ path }: SourceFile): boolean {
  return /\.(ts|mts|mjs|js)$/.test(path);
}
