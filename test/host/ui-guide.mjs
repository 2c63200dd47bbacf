// The walkthrough and the editor's own menu, by mouse and keyboard.

/** The steps of the walkthrough. `command` runs a command by its title. */
export async function checkGuide({ page, check, shoot, command, openFile }) {
  await check('the walkthrough has its steps, each with a picture', async () => {
    await command('Welcome: Open Walkthrough...');
    await page.locator('.quick-input-widget input').fill('See what a run costs');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'See what a run costs' }).first().waitFor();
    await page.keyboard.press('Enter');
    const steps = page.locator('.gettingStartedContainer .getting-started-step');
    await steps.nth(4).waitFor({ timeout: 30_000 });
    if ((await steps.count()) !== 5) throw new Error(`${await steps.count()} steps`);
    await shoot('walkthrough-light');
    await command('View: Toggle Primary Side Bar Visibility');
    for (const at of [1, 3]) {
      await steps.nth(at).locator('.step-title').first().click();
      await page.waitForTimeout(800);
      await shoot(`walkthrough-${at + 1}-light`);
    }
    await command('View: Toggle Primary Side Bar Visibility');
  });
  await check('the step that is done is ticked off', async () => {
    await openFile('train.py');
    await page.locator('.editor-instance .view-line').filter({ hasText: '$' }).first().waitFor({ timeout: 30_000 });
    await command('Flopwise: Show the cost report');
    await page.locator('.tab', { hasText: 'Cost of' }).first().waitFor({ timeout: 30_000 });
    await page.locator('.tab', { hasText: /Welcome|Walkthrough/ }).click();
    await page.locator('.codicon-getting-started-step-checked').first().waitFor({ timeout: 10_000 });
    await shoot('walkthrough-ticked-light');
    // What was written into flopwise.yaml is not saved yet: whatever closes it later would ask.
    await command('File: Save All');
    await page.locator('.tab.dirty').first().waitFor({ state: 'detached', timeout: 10_000 });
  });
  await check('the menu of the editor leads to the report where a job is', async () => {
    await openFile('train.py');
    const line = page.locator('.editor-instance .view-line', { hasText: 'training_args = SFTConfig(' }).first();
    await line.filter({ hasText: '$' }).waitFor({ timeout: 30_000 });
    await line.click({ button: 'right', position: { x: 60, y: 8 } });
    await page
      .locator('.monaco-menu .action-label', { hasText: 'Show the cost report' })
      .first()
      .waitFor({ timeout: 10_000 });
    await shoot('editor-menu-light');
    await page.keyboard.press('Escape');
  });
}
